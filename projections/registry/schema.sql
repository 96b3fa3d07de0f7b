-- Who and what enforcement rests on, as of the newest event, and what it was before.

CREATE TABLE registry_organ (
	id BLOB PRIMARY KEY, name TEXT NOT NULL, doc_code TEXT NOT NULL, district TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE registry_reach (
	id BLOB PRIMARY KEY, name TEXT NOT NULL, water TEXT NOT NULL, district TEXT NOT NULL, regime TEXT NOT NULL,
	length_m INTEGER NOT NULL, lat_e6 INTEGER NOT NULL, lon_e6 INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE registry_officer (
	id BLOB PRIMARY KEY, name TEXT NOT NULL, organ BLOB NOT NULL, district TEXT NOT NULL, roles TEXT NOT NULL,
	cert_no TEXT NOT NULL DEFAULT '', cert_from TEXT NOT NULL DEFAULT '', cert_until TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;

CREATE TABLE registry_assignment (
	officer BLOB NOT NULL, position INTEGER NOT NULL, occurred_at INTEGER NOT NULL,
	organ BLOB NOT NULL, district TEXT NOT NULL, roles TEXT NOT NULL,
	PRIMARY KEY (officer, position)
) WITHOUT ROWID;

CREATE TABLE registry_certificate (
	officer BLOB NOT NULL, position INTEGER NOT NULL, cert_no TEXT NOT NULL, valid_from TEXT NOT NULL, valid_until TEXT NOT NULL,
	PRIMARY KEY (officer, position)
) WITHOUT ROWID;

CREATE TABLE registry_number (
	series BLOB NOT NULL, serial INTEGER NOT NULL, text TEXT NOT NULL, given_to BLOB NOT NULL, voided TEXT NOT NULL DEFAULT '',
	organ BLOB NOT NULL, kind TEXT NOT NULL, year INTEGER NOT NULL,
	PRIMARY KEY (series, serial)
) WITHOUT ROWID;

CREATE INDEX registry_number_organ ON registry_number (organ, kind, year, serial);
