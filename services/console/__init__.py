"""The web console: what flows, what is stuck, who was missed, and each team's own worklist."""
