"""Where facts about input and session come from: one file a mechanism, chosen at start by `chooser`.

Everything here posts core events (`InputResumed`, `IdleBegan`, `SourceLost`, `SessionLocked`, …) through one callback
and decides nothing. No type in this package has a field for a key.
"""
