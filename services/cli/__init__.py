"""The commands of `fieldfare`."""
