"""The pure core: rules as data, and the decision that follows from an event and the facts."""
