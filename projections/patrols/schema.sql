-- The patrol log (巡查记录). n is the position of the event that opened the patrol.

CREATE TABLE patrols_patrol (
	n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, district TEXT NOT NULL, means TEXT NOT NULL, purpose TEXT NOT NULL, status TEXT NOT NULL,
	departed_at INTEGER NOT NULL, returned_at INTEGER, distance_m INTEGER NOT NULL DEFAULT 0, points INTEGER NOT NULL DEFAULT 0,
	note TEXT NOT NULL DEFAULT ''
);

CREATE TABLE patrols_crew (
	n INTEGER NOT NULL, ordinal INTEGER NOT NULL, officer BLOB NOT NULL, name TEXT NOT NULL, cert_no TEXT NOT NULL,
	PRIMARY KEY (n, ordinal)
) WITHOUT ROWID;

CREATE TABLE patrols_reach (
	n INTEGER NOT NULL, ordinal INTEGER NOT NULL, reach BLOB NOT NULL,
	PRIMARY KEY (n, ordinal)
) WITHOUT ROWID;

-- Names of the reaches that patrols refer to by id.
CREATE TABLE patrols_name (id BLOB PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;

-- Fixes as they came, a row for each batch; see encodeTrack.
CREATE TABLE patrols_track (position INTEGER PRIMARY KEY, n INTEGER NOT NULL, points BLOB NOT NULL);

-- By id of the patrol, which may become known later than its finding.
CREATE TABLE patrols_finding (
	patrol BLOB NOT NULL, finding BLOB NOT NULL,
	PRIMARY KEY (patrol, finding)
) WITHOUT ROWID;

CREATE INDEX patrols_departed ON patrols_patrol (departed_at);
CREATE INDEX patrols_district_departed ON patrols_patrol (district, departed_at);
CREATE INDEX patrols_status_departed ON patrols_patrol (status, departed_at);
CREATE INDEX patrols_crew_officer ON patrols_crew (officer, n);
CREATE INDEX patrols_reach_reach ON patrols_reach (reach, n);
CREATE INDEX patrols_track_n ON patrols_track (n);
