"""The books as files for accounting programs (仕訳); see docs/journal.md."""
