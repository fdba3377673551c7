"""What a developer runs: set-up, checks, the demo. Nothing of it ships."""
