package e2e_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestWholeWayInABrowser is the purpose of the program in one walk, in Chromium: from the phone, which loses its network on the
// way, to the ledger and the figure that opens to the report. The screenshots are kept with `go test -artifacts`.
func TestWholeWayInABrowser(t *testing.T) {
	w := demo(t)
	h := open(t, w.data)
	base, err := h.address(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	taken := withEXIF(snapshot(rand.New(rand.NewPCG(1, 2)), 900).content, camera{make: "HUAWEI", model: "ALN-AL00", taken: time.Now(), lat: 31.9465, lon: 120.2712})
	picture := filepath.Join(t.TempDir(), "photo.jpg")
	if err := os.WriteFile(picture, taken, 0o600); err != nil {
		t.Fatal(err)
	}
	walk := exec.CommandContext(t.Context(), "node", "browser.mjs")
	walk.Env = append(environment(), "BASE="+base, "ACCOUNTS="+filepath.Join(w.data, "demo-accounts.json"), "PHOTO="+picture, "SHOTS="+t.ArtifactDir())
	walk.Stderr = &h.log
	walk.WaitDelay = 10 * time.Second
	said, err := walk.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, h.log.tail())
	}
	var found struct{ Finding, Number string }
	if err := json.Unmarshal(said, &found); err != nil || found.Number == "" {
		t.Fatalf("the walk ended with %q, %v", said, err)
	}
	// What the phone and the office saw is what the log says.
	h.stop()
	h.rebuild()
}
