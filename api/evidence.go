package api

import (
	"fmt"
	"net/http"

	"shuizheng/identity"
)

// uploader names who sends an upload, for the tus handler.
func (s *server) uploader(r *http.Request) (string, error) {
	account := s.Sessions.GetString(r.Context(), identity.SessionAccount)
	if account == "" {
		return "", errSignedOut()
	}
	return account, nil
}

func errNoEvidence() error {
	return problem(http.StatusNotFound, "evidence.not_stored", "尚未入库", "这份证据文件尚未入库，请等待现场人员上传完成。")
}

// hasEvidence says whether a file is stored. A client asks before it uploads, and again to prove that the upload arrived.
func (s *server) hasEvidence(w http.ResponseWriter, r *http.Request, _ caller) {
	_, stored, err := s.Evidence.Has(r.PathValue("sha256"))
	switch {
	case err != nil:
		s.fail(w, r, err)
	case !stored:
		s.fail(w, r, errNoEvidence())
	default:
		w.WriteHeader(http.StatusOK)
	}
}

// getEvidence serves a file to whoever may read a record that cites it, or has uploaded it himself.
func (s *server) getEvidence(w http.ResponseWriter, r *http.Request, who caller) {
	sha := r.PathValue("sha256")
	if _, stored, err := s.Evidence.Has(sha); err != nil || !stored {
		if err == nil {
			err = errNoEvidence()
		}
		s.fail(w, r, err)
		return
	}
	mediaType, cited, err := s.known.citation(r.Context(), sha, who)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if !cited {
		own, err := s.Evidence.UploadedBy(sha, who.Account)
		if err != nil {
			s.fail(w, r, fmt.Errorf("uploader of %s: %w", sha, err))
			return
		}
		if !own {
			s.fail(w, r, errForbidden("access.other_district", "这份证据属于其他板块的记录，您不能查看。"))
			return
		}
		mediaType = "application/octet-stream"
	}
	s.Evidence.ServeBlob(w, r, sha, mediaType)
}
