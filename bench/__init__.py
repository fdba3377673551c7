"""What the program costs, measured. Never a test: a busy machine must not fail a build."""
