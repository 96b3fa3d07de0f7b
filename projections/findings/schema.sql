-- The clue ledger (线索台账): a row for each finding. n is the position of the event that reported it.

CREATE TABLE findings_finding (
	n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,
	kind TEXT NOT NULL, status TEXT NOT NULL, source TEXT NOT NULL, district TEXT NOT NULL,
	reach BLOB NOT NULL, reach_name TEXT NOT NULL, found_at INTEGER NOT NULL, recorded_at INTEGER NOT NULL,
	description TEXT NOT NULL, place_note TEXT NOT NULL, lat_e6 INTEGER NOT NULL, lon_e6 INTEGER NOT NULL,
	photos INTEGER NOT NULL, vessel TEXT NOT NULL, reporter TEXT NOT NULL, patrol BLOB,
	case_id BLOB, case_number TEXT NOT NULL DEFAULT '', violation TEXT NOT NULL DEFAULT '', status_before TEXT NOT NULL DEFAULT '',
	approved INTEGER
);

-- The events a finding's page shows, as they stand in the log.
CREATE TABLE findings_event (
	n INTEGER NOT NULL, kind TEXT NOT NULL, position INTEGER NOT NULL, event BLOB NOT NULL, data BLOB NOT NULL, metadata BLOB NOT NULL,
	PRIMARY KEY (n, kind)
);

CREATE TABLE findings_officer (
	officer BLOB NOT NULL, found_at INTEGER NOT NULL, n INTEGER NOT NULL,
	PRIMARY KEY (officer, found_at, n)
) WITHOUT ROWID;

-- Which record cites which bytes: who may read one of them may read the bytes.
CREATE TABLE findings_evidence (
	sha256 BLOB NOT NULL, n INTEGER NOT NULL, position INTEGER NOT NULL, ordinal INTEGER NOT NULL, id BLOB NOT NULL,
	media_type TEXT NOT NULL, size INTEGER NOT NULL, caption TEXT NOT NULL, taken_at TEXT NOT NULL,
	PRIMARY KEY (n, position, ordinal)
) WITHOUT ROWID;

CREATE VIRTUAL TABLE findings_search USING fts5(text, content='', columnsize=0, tokenize='unicode61');

-- Each carries all that can be asked for: rows that do not meet a filter, and all that are only counted, are passed over without
-- being read.
CREATE INDEX findings_found ON findings_finding (found_at, district, status, kind, source);
CREATE INDEX findings_recorded ON findings_finding (recorded_at, found_at, district, status, kind, source);
CREATE INDEX findings_district_found ON findings_finding (district, found_at, status, kind, source);
CREATE INDEX findings_district_recorded ON findings_finding (district, recorded_at, found_at, status, kind, source);
CREATE INDEX findings_kind ON findings_finding (kind, found_at, district, status, source);
CREATE INDEX findings_reach ON findings_finding (reach, found_at, status, kind, source);
CREATE INDEX findings_open_found ON findings_finding (found_at, district, status, kind, source, reach) WHERE status NOT IN ('filed', 'not_filed');
CREATE INDEX findings_open_recorded ON findings_finding (recorded_at, found_at, district, status, kind, source, reach) WHERE status NOT IN ('filed', 'not_filed');
CREATE INDEX findings_patrol ON findings_finding (patrol, found_at) WHERE patrol IS NOT NULL;
CREATE INDEX findings_case ON findings_finding (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX findings_open ON findings_finding (approved) WHERE approved IS NOT NULL;
CREATE INDEX findings_evidence_sha256 ON findings_evidence (sha256);
