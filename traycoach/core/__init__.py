"""The coach's judgement: pure functions of events and time. No I/O, no clock, no third party."""
