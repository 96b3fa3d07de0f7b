-- The case ledger (案件台账): a row for each case. n is the position of the event that opened it.

CREATE TABLE caseledger_case (
	n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,
	number TEXT NOT NULL, number_key TEXT NOT NULL, title TEXT NOT NULL, violation TEXT NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL,
	source TEXT NOT NULL, district TEXT NOT NULL, reach BLOB NOT NULL, organ BLOB NOT NULL, party TEXT NOT NULL,
	discovered_on TEXT NOT NULL, filed_on TEXT NOT NULL, closed_on TEXT NOT NULL DEFAULT '', ground TEXT NOT NULL DEFAULT '',
	handlers TEXT NOT NULL, finding BLOB NOT NULL
);

-- Opening and closing as they stand in the log, for the page of a case.
CREATE TABLE caseledger_event (
	n INTEGER NOT NULL, kind TEXT NOT NULL, data BLOB NOT NULL,
	PRIMARY KEY (n, kind)
);

CREATE TABLE caseledger_handler (
	officer BLOB NOT NULL, filed_on TEXT NOT NULL, n INTEGER NOT NULL,
	PRIMARY KEY (officer, filed_on, n)
) WITHOUT ROWID;

-- Names of what cases refer to by id.
CREATE TABLE caseledger_name (category TEXT NOT NULL, id BLOB NOT NULL, name TEXT NOT NULL, PRIMARY KEY (category, id)) WITHOUT ROWID;

CREATE VIRTUAL TABLE caseledger_search USING fts5(text, content='', columnsize=0, tokenize='unicode61');

-- Each begins with what a question is most likely to fix, goes on with the date, and carries all that can be asked for beside: rows
-- that do not meet the rest of a filter, and all that are only counted, are passed over without being read.
CREATE INDEX caseledger_filed ON caseledger_case (filed_on, district, status, kind, violation, source, reach);
CREATE INDEX caseledger_district ON caseledger_case (district, filed_on, status, kind, violation, source, reach);
CREATE INDEX caseledger_violation ON caseledger_case (violation, filed_on, district, status, kind, source, reach);
CREATE INDEX caseledger_kind ON caseledger_case (kind, filed_on, district, status, violation, source, reach);
CREATE INDEX caseledger_reach ON caseledger_case (reach, filed_on, district, status, kind, violation, source);
CREATE INDEX caseledger_open ON caseledger_case (filed_on, district, status, kind, violation, source, reach) WHERE status <> 'closed';
CREATE INDEX caseledger_number ON caseledger_case (number_key);
CREATE INDEX caseledger_district_number ON caseledger_case (district, number_key);
CREATE INDEX caseledger_closed ON caseledger_case (closed_on);
CREATE INDEX caseledger_district_closed ON caseledger_case (district, closed_on);
