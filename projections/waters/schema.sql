-- The ledgers of sand mining and shoreline (涉砂台账、岸线问题台账). n is the position of the event that opened a record; row is the
-- line as queries give it, state what the decider of the record knows, both as JSON: columns are only what is filtered and sorted by.

CREATE TABLE waters_permit (
	n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,
	number TEXT NOT NULL, district TEXT NOT NULL, reach BLOB NOT NULL, status TEXT NOT NULL, valid_until TEXT NOT NULL,
	row BLOB NOT NULL, state BLOB NOT NULL
);

CREATE TABLE waters_vessel (
	n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,
	district TEXT NOT NULL, status TEXT NOT NULL, type TEXT NOT NULL, papers TEXT NOT NULL, name TEXT NOT NULL, mmsi TEXT NOT NULL,
	row BLOB NOT NULL, state BLOB NOT NULL
);

CREATE TABLE waters_bill (
	n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,
	number TEXT NOT NULL, permit BLOB NOT NULL, district TEXT NOT NULL, status TEXT NOT NULL, carrier TEXT NOT NULL, loaded_at INTEGER NOT NULL, mismatched INTEGER NOT NULL,
	row BLOB NOT NULL, state BLOB NOT NULL
);

CREATE TABLE waters_problem (
	n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,
	district TEXT NOT NULL, reach BLOB NOT NULL, status TEXT NOT NULL, kind TEXT NOT NULL, subtype TEXT NOT NULL, severity TEXT NOT NULL, list TEXT NOT NULL,
	deadline_on TEXT NOT NULL, found_on TEXT NOT NULL, closed_on TEXT NOT NULL,
	row BLOB NOT NULL, state BLOB NOT NULL
);

CREATE TABLE waters_polygon (
	n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,
	number TEXT NOT NULL, district TEXT NOT NULL, status TEXT NOT NULL, result TEXT NOT NULL,
	row BLOB NOT NULL, state BLOB NOT NULL
);

-- Which bytes the records of a district cite.
CREATE TABLE waters_evidence (
	sha256 BLOB NOT NULL, district TEXT NOT NULL, media_type TEXT NOT NULL,
	PRIMARY KEY (sha256, district)
) WITHOUT ROWID;

CREATE VIRTUAL TABLE waters_problem_search USING fts5(text, content='', columnsize=0, tokenize='unicode61');

CREATE INDEX waters_permit_valid ON waters_permit (valid_until);
CREATE INDEX waters_bill_loaded ON waters_bill (loaded_at, district, status);
CREATE INDEX waters_bill_permit ON waters_bill (permit, loaded_at);
CREATE INDEX waters_problem_found ON waters_problem (found_on, district, status, kind, severity, list);
CREATE INDEX waters_problem_deadline ON waters_problem (deadline_on, district, status, kind, severity, list);
CREATE INDEX waters_problem_district ON waters_problem (district, found_on, status, kind, severity, list);
CREATE INDEX waters_vessel_status ON waters_vessel (district, status, type);
