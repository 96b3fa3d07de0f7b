-- Where every event stands and who made it. Its bytes are read from the log. A stream is its category and its aggregate's id; the name
-- of one that is not ours stands in aggregate as a whole.

CREATE TABLE timeline_event (
	position INTEGER PRIMARY KEY, id BLOB NOT NULL, category TEXT NOT NULL, aggregate BLOB NOT NULL, revision INTEGER NOT NULL, type TEXT NOT NULL,
	occurred_at INTEGER NOT NULL, recorded_at INTEGER NOT NULL, actor BLOB NOT NULL,
	command BLOB NOT NULL
);

-- Ids are unique in a stream only; what the log holds must not stop its readers.
CREATE INDEX timeline_id ON timeline_event (id);
CREATE INDEX timeline_aggregate ON timeline_event (aggregate, revision);
CREATE INDEX timeline_actor ON timeline_event (actor);
CREATE INDEX timeline_command ON timeline_event (command);
