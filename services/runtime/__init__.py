"""What every process needs: settings, clock, errors, logs and the names of topics."""
