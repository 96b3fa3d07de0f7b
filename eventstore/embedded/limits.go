package embedded

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"
)

// limits say which events of a stream are still to be read. They come from the stream's metadata, the newest event of the
// stream $$name; what they hide stays in the log and in $all.
type limits struct {
	maxCount int64         // 0: any number
	maxAge   time.Duration // 0: any age
	before   int64         // revision of the first event to be read
}

// softDeleted as limits.before stands for a deleted stream, which the next append brings back behind its old events.
const softDeleted = math.MaxInt64

func (l limits) deleted() bool { return l.before == softDeleted }

// floor returns the first revision that is still to be read.
func (l limits) floor(last int64) int64 {
	if l.maxCount > 0 {
		return max(l.before, last-l.maxCount+1)
	}
	return l.before
}

// oldest returns the time, in ticks, from which on events are still to be read.
func (l limits) oldest(now time.Time) int64 {
	if l.maxAge > 0 {
		return ticks(now.Add(-l.maxAge))
	}
	return math.MinInt64
}

// limitsOf reads a stream's metadata. What is no valid metadata limits nothing.
func limitsOf(stream string, metadata []byte) limits {
	if isMetastream(stream) {
		return limits{maxCount: 1} // only the newest metadata counts
	}
	if len(metadata) == 0 {
		return limits{}
	}
	var m struct {
		MaxCount int64 `json:"$maxCount"`
		MaxAge   int64 `json:"$maxAge"` // seconds
		Before   int64 `json:"$tb"`
	}
	const longest = int64(math.MaxInt64 / time.Second)
	if err := json.Unmarshal(metadata, &m); err != nil || m.MaxCount < 0 || m.MaxAge < 0 || m.MaxAge > longest || m.Before < 0 {
		return limits{}
	}
	return limits{m.MaxCount, time.Duration(m.MaxAge) * time.Second, m.Before}
}

// withBefore returns a stream's metadata with its first revision set and everything else as it was.
func withBefore(metadata []byte, revision int64) ([]byte, error) {
	var m map[string]json.RawMessage
	if json.Unmarshal(metadata, &m) != nil || m == nil {
		m = map[string]json.RawMessage{}
	}
	m["$tb"] = strconv.AppendInt(nil, revision, 10)
	return json.Marshal(m)
}

const metastreamPrefix = "$$"

func isMetastream(stream string) bool { return strings.HasPrefix(stream, metastreamPrefix) }
