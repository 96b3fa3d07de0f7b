-- Figures and what they are made of. A figure is the sum of its entries, one for each event that counts.

-- What later events of the same patrol, finding or case are counted under. Ids are made by clients: a finding may have that of a patrol.
CREATE TABLE statistics_subject (
	category TEXT NOT NULL, id BLOB NOT NULL, day TEXT NOT NULL, district TEXT NOT NULL, reach BLOB NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
	PRIMARY KEY (category, id)
) WITHOUT ROWID;

-- reach is empty for what belongs to none or to several, kind for what has none.
CREATE TABLE statistics_entry (
	measure INTEGER NOT NULL, day TEXT NOT NULL, position INTEGER NOT NULL, amount INTEGER NOT NULL,
	district TEXT NOT NULL, reach BLOB NOT NULL, kind TEXT NOT NULL, event BLOB NOT NULL, type TEXT NOT NULL, subject BLOB NOT NULL,
	PRIMARY KEY (measure, day, position)
) WITHOUT ROWID;

-- What entries add up to. Three small cubes instead of one with all dimensions: that would have almost as many cells as there are
-- entries. amount is the figure, entries is how many events it opens to.
CREATE TABLE statistics_day (
	measure INTEGER NOT NULL, day TEXT NOT NULL, district TEXT NOT NULL, kind TEXT NOT NULL, amount INTEGER NOT NULL, entries INTEGER NOT NULL,
	PRIMARY KEY (measure, day, district, kind)
) WITHOUT ROWID;

CREATE TABLE statistics_month (
	measure INTEGER NOT NULL, month TEXT NOT NULL, district TEXT NOT NULL, kind TEXT NOT NULL, amount INTEGER NOT NULL, entries INTEGER NOT NULL,
	PRIMARY KEY (measure, month, district, kind)
) WITHOUT ROWID;

CREATE TABLE statistics_reach (
	measure INTEGER NOT NULL, month TEXT NOT NULL, district TEXT NOT NULL, reach BLOB NOT NULL, kind TEXT NOT NULL, amount INTEGER NOT NULL, entries INTEGER NOT NULL,
	PRIMARY KEY (measure, month, district, reach, kind)
) WITHOUT ROWID;

CREATE INDEX statistics_entry_reach ON statistics_entry (reach, measure, day);
