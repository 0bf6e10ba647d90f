"""What travels: events, people, notifications, receipts, replies, dead letters."""
