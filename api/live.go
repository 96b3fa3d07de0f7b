package api

import (
	"fmt"
	"net/http"
	"time"
)

// liveComment is how often an idle stream says that it is alive, so that proxies keep it open.
const liveComment = 15 * time.Second

// live tells the pages, as server-sent events, that the read model has advanced to a position. What changed they ask for
// themselves, with the filters they show.
func (s *server) live(w http.ResponseWriter, r *http.Request, _ caller) {
	stream := http.NewResponseController(w)
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	comment := time.NewTicker(liveComment)
	defer comment.Stop()
	for {
		position, changed := s.Runner.Changed()
		if _, err := fmt.Fprintf(w, "id: %d\nevent: position\ndata: {\"position\":%d}\n\n", position, position); err != nil {
			return
		}
		if err := stream.Flush(); err != nil {
			return
		}
		for waiting := true; waiting; {
			select {
			case <-changed:
				waiting = false
			case <-comment.C:
				if _, err := fmt.Fprint(w, ": still here\n\n"); err != nil {
					return
				}
				if err := stream.Flush(); err != nil {
					return
				}
			case <-r.Context().Done():
				return
			case <-s.closing:
				return
			}
		}
	}
}
