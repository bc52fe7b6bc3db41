"""Real servers from Python wheels: nothing to install, nothing left behind."""
