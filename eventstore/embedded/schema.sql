-- The log. Rows of events are written once and never change: a stream is shortened or deleted by what its metadata says,
-- not by removing rows.

CREATE TABLE streams (
	no       INTEGER PRIMARY KEY,
	name     TEXT NOT NULL UNIQUE,
	metadata BLOB -- the newest event of $$name as JSON, empty if it was none, NULL if there is no such event
) STRICT;

-- The stream stands here by number: its name would more than double the index that every append writes to.
CREATE TABLE events (
	position INTEGER PRIMARY KEY, -- of the whole log, sparse, in the order of commit
	stream   INTEGER NOT NULL,
	revision INTEGER NOT NULL,
	id       BLOB NOT NULL,
	created  INTEGER NOT NULL,    -- server's clock, 100 ns since 1970
	json     INTEGER NOT NULL,
	type     TEXT NOT NULL,
	metadata BLOB NOT NULL,
	data     BLOB NOT NULL,
	UNIQUE (stream, revision)
) STRICT;

CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;

CREATE TRIGGER events_are_never_removed BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are never removed'); END;
