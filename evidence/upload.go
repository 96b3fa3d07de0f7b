package evidence

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"

	"github.com/tus/tusd/v2/pkg/filestore"
	"github.com/tus/tusd/v2/pkg/handler"
	"github.com/tus/tusd/v2/pkg/memorylocker"
	"golang.org/x/exp/slog"
)

// BasePath is where [Store.Handler] must be mounted.
const BasePath = "/api/v1/evidence/"

// Keys of the metadata of an upload. The first two come from the client, the third from the caller's session.
const (
	metaHash  = "sha256"
	metaType  = "filetype"
	metaOwner = "owner"
)

// Handler serves tus 1.0 uploads under [BasePath]. owner says who sends a request; an error of it is answered 401. Only the
// owner of an upload may ask for it, continue it or end it. An upload is acknowledged when its content has proved to be what
// was declared and lies at its address. Errors carry a problem (RFC 9457) with a stable code:
//
//	auth.required 401 · evidence.foreign_upload 403 · evidence.upload_not_found 404 · evidence.offset_mismatch 409
//	evidence.sha256, evidence.request 400 · evidence.too_large 413 · evidence.disk_full 507
//	evidence.media_type, evidence.empty, evidence.hash_mismatch, evidence.type_mismatch 422
func (s *Store) Handler(owner func(*http.Request) (string, error)) (http.Handler, error) {
	store := uploads{s, filestore.FileStore{Path: filepath.Join(s.dir, "uploads"), DirModePerm: dirMode, FileModePerm: uploadMode}}
	composer := handler.NewStoreComposer()
	composer.UseCore(store)
	composer.UseTerminater(store)
	composer.UseLocker(memorylocker.New())
	tus, err := handler.NewHandler(handler.Config{
		StoreComposer:   composer,
		BasePath:        BasePath,
		MaxSize:         s.o.MaxSize,
		DisableDownload: true,
		Cors:            &handler.CorsConfig{Disable: true},
		// Its log has a line for every request, which the server's own log has as well; errors are logged by problemWriter.
		Logger:                  slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelError + 1})),
		PreUploadCreateCallback: s.create,
		PreFinishResponseCallback: func(e handler.HookEvent) (handler.HTTPResponse, error) {
			return handler.HTTPResponse{}, s.finish(e.Upload)
		},
	})
	if err != nil {
		return nil, fmt.Errorf("evidence: upload handler: %w", err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, err := owner(r)
		if err != nil || who == "" {
			writeProblem(w, refusal(http.StatusUnauthorized, "auth.required", "请先登录", "登录已过期或尚未登录，请登录后继续上传，已传部分不会丢失。"))
			return
		}
		id := strings.TrimPrefix(r.URL.Path, BasePath)
		if id != "" {
			if err := s.authorize(id, who, r.Method); err != nil {
				s.fail(w, r, err)
				return
			}
		}
		r = r.Clone(context.WithValue(r.Context(), ownerKey{}, who))
		r.URL.Path, r.URL.RawPath = id, ""
		r.Header.Del("X-HTTP-Method-Override") // one request, one method
		pw := &problemWriter{ResponseWriter: w}
		tus.ServeHTTP(pw, r)
		pw.end(s, r)
	}), nil
}

type ownerKey struct{}

// authorize comes before tusd, whose lock would let a stranger interrupt an upload that he may not touch.
func (s *Store) authorize(id, who, method string) error {
	info, size, err := s.upload(id)
	if err != nil {
		return err
	}
	if info.MetaData[metaOwner] != who {
		return refusal(http.StatusForbidden, "evidence.foreign_upload", "不能操作他人的上传", "该上传由另一账号发起，请用该账号登录，或重新上传。")
	}
	if method != http.MethodPatch || size >= info.Size {
		return nil
	}
	return s.checkRoom(info.Size - size)
}

func (s *Store) checkRoom(n int64) error {
	ok, err := s.room(n)
	if err == nil && !ok {
		err = diskFull()
	}
	return err
}

// create judges a new upload by what it declares.
func (s *Store) create(e handler.HookEvent) (handler.HTTPResponse, handler.FileInfoChanges, error) {
	refuse := func(err error) (handler.HTTPResponse, handler.FileInfoChanges, error) {
		return handler.HTTPResponse{}, handler.FileInfoChanges{}, err
	}
	hash, mediaType := e.Upload.MetaData[metaHash], e.Upload.MetaData[metaType]
	switch {
	case !hexHash.MatchString(hash):
		return refuse(refusal(http.StatusBadRequest, "evidence.sha256", "缺少文件摘要", "Upload-Metadata 中须有 sha256（64 位小写十六进制）。"))
	case !slices.Contains(MediaTypes(), mediaType):
		return refuse(refusal(http.StatusUnprocessableEntity, "evidence.media_type", "不支持的文件类型", "请上传 JPEG、PNG、WebP 图片，MP4、WebM 视频，M4A、WebM、MP3 录音或 PDF 文件。"))
	case e.Upload.Size < 1:
		return refuse(refusal(http.StatusUnprocessableEntity, "evidence.empty", "文件为空", "该文件没有内容，请重新拍摄或选择文件。"))
	}
	if err := s.checkRoom(e.Upload.Size); err != nil {
		return refuse(err)
	}
	who, _ := e.Context.Value(ownerKey{}).(string)
	return handler.HTTPResponse{}, handler.FileInfoChanges{ID: randomID(),
		MetaData: handler.MetaData{metaHash: hash, metaType: mediaType, metaOwner: who}}, nil
}

var uploadID = regexp.MustCompile(`^[0-9a-f]{32}$`)

// upload reads what an upload declared and how many bytes of it are here. An id of another form is not found, whatever file it
// might lead to.
func (s *Store) upload(id string) (info handler.FileInfo, size int64, err error) {
	if !uploadID.MatchString(id) {
		return info, 0, handler.ErrNotFound
	}
	b, err := os.ReadFile(s.uploadPath(id) + ".info")
	if errors.Is(err, fs.ErrNotExist) {
		return info, 0, handler.ErrNotFound
	}
	if err != nil {
		return info, 0, err
	}
	if err := json.Unmarshal(b, &info); err != nil {
		return info, 0, fmt.Errorf("evidence: upload %s: %w", id, err)
	}
	hash := info.MetaData[metaHash]
	if info.ID != id || !hexHash.MatchString(hash) {
		return info, 0, fmt.Errorf("evidence: upload %s: declaration is damaged", id)
	}
	st, err := os.Stat(s.uploadPath(id))
	if err == nil {
		return info, st.Size(), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return info, 0, err
	}
	// Finished, perhaps without the client having heard of it: then the declaration alone remains, to tell him so.
	stored, ok, err := s.Has(hash)
	if err != nil {
		return info, 0, err
	}
	if !ok || stored != info.Size {
		return info, 0, handler.ErrNotFound
	}
	return info, info.Size, nil
}

func (s *Store) uploadPath(id string) string { return filepath.Join(s.dir, "uploads", id) }

// finish proves a completely received upload and moves it to its address, or throws it away. It can be broken off and repeated
// at any point, also twice at the same time: by the request that brought the last byte, by a later one, by the background.
func (s *Store) finish(info handler.FileInfo) error {
	path, want := s.uploadPath(info.ID), info.MetaData[metaHash]
	got, head, err := hashFile(path)
	if err == nil {
		switch {
		case got != want:
			return errors.Join(refusal(http.StatusUnprocessableEntity, "evidence.hash_mismatch", "文件与登记的摘要不符", "收到的内容与拍摄时的摘要不一致，未予保存，请从原件重新上传。"), s.drop(info.ID))
		case !looksLike(info.MetaData[metaType], head):
			return errors.Join(refusal(http.StatusUnprocessableEntity, "evidence.type_mismatch", "文件内容与类型不符", "文件内容不是所声明的类型，未予保存，请确认文件后重新上传。"), s.drop(info.ID))
		}
		if err = s.noteUploader(want, info.MetaData[metaOwner]); err == nil {
			err = s.settle(path, want)
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		// Somebody else was faster, or ended the upload.
		if _, _, err := s.upload(info.ID); err != nil {
			return err
		}
		return nil
	}
	if err != nil {
		return fmt.Errorf("evidence: finish upload %s: %w", info.ID, err)
	}
	return nil
}

func hashFile(path string) (sha string, head []byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", nil, err
	}
	head = make([]byte, headLen)
	n, err := io.ReadFull(f, head)
	head = head[:n]
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	h := sha256.New()
	h.Write(head)
	if err == nil {
		_, err = io.Copy(h, f)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return "", nil, err
	}
	return hex.EncodeToString(h.Sum(nil)), head, nil
}

func (s *Store) drop(id string) error {
	for _, path := range []string{s.uploadPath(id), s.uploadPath(id) + ".info"} {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// uploads is tusd's file store, with three things more: complete uploads are finished whoever meets them first, finished ones
// are still known, and what was received is on disk before the client hears of it.
type uploads struct {
	s    *Store
	file filestore.FileStore
}

func (u uploads) NewUpload(ctx context.Context, info handler.FileInfo) (handler.Upload, error) {
	up, err := u.file.NewUpload(ctx, info)
	if err != nil {
		return nil, err
	}
	return synced{up, u.s.uploadPath(info.ID)}, nil
}

func (u uploads) GetUpload(ctx context.Context, id string) (handler.Upload, error) {
	info, size, err := u.s.upload(id)
	if err != nil {
		return nil, err
	}
	if size >= info.Size {
		// tusd believes that such an upload is done. If the process died between the last byte and the proof, it is not.
		if err := u.s.finish(info); err != nil {
			if !isTusError(err) { // tusd answers HEAD without a text, so it would be lost
				u.s.o.Logger.ErrorContext(ctx, "evidence: finish failed", "error", err)
			}
			return nil, err
		}
		info.Offset = info.Size
		return finished{u.s, info}, nil
	}
	up, err := u.file.GetUpload(ctx, id)
	if err != nil {
		return nil, err
	}
	return synced{up, u.s.uploadPath(id)}, nil
}

func (u uploads) AsTerminatableUpload(up handler.Upload) handler.TerminatableUpload {
	if up, ok := up.(synced); ok {
		return u.file.AsTerminatableUpload(up.Upload)
	}
	return up.(finished)
}

type synced struct {
	handler.Upload
	path string
}

func (u synced) WriteChunk(ctx context.Context, offset int64, src io.Reader) (int64, error) {
	n, err := u.Upload.WriteChunk(ctx, offset, src)
	f, openErr := os.OpenFile(u.path, os.O_WRONLY, 0)
	if openErr != nil {
		return n, errors.Join(err, openErr)
	}
	return n, errors.Join(err, f.Sync(), f.Close())
}

// finished is an upload whose content lies at its address. Ending it forgets the upload, not the content.
type finished struct {
	s    *Store
	info handler.FileInfo
}

func (u finished) GetInfo(context.Context) (handler.FileInfo, error) { return u.info, nil }
func (u finished) FinishUpload(context.Context) error                { return nil }
func (u finished) Terminate(context.Context) error                   { return u.s.drop(u.info.ID) }

func (u finished) GetReader(context.Context) (io.ReadCloser, error) {
	return u.s.OpenBlob(u.info.MetaData[metaHash])
}

func (u finished) WriteChunk(context.Context, int64, io.Reader) (int64, error) {
	return 0, handler.ErrSizeExceeded
}

// --- Problems

const problemType = "application/problem+json"

// problem is the part of the API's problem document that an upload can cause.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Code   string `json:"code"`
}

// refusal makes an error that tusd answers with a problem.
func refusal(status int, code, title, detail string) handler.Error {
	b, err := json.Marshal(problem{"urn:shuizheng:problem:" + code, title, status, detail, code})
	if err != nil {
		panic(err) // strings and a number
	}
	return handler.Error{ErrorCode: code, Message: title, HTTPResponse: handler.HTTPResponse{StatusCode: status, Body: string(b),
		Header: handler.HTTPHeader{"Content-Type": problemType, "Cache-Control": "no-store"}}}
}

func diskFull() handler.Error {
	return refusal(http.StatusInsufficientStorage, "evidence.disk_full", "服务器存储空间不足", "文件仍保存在本机，请稍后再传，并告知系统管理员。")
}

func internal() handler.Error {
	return refusal(http.StatusInternalServerError, "evidence.internal", "服务器内部错误", "文件仍保存在本机，请稍后再试。")
}

func isTusError(err error) bool { return errors.As(err, new(handler.Error)) }

func writeProblem(w http.ResponseWriter, e handler.Error) {
	for k, v := range e.HTTPResponse.Header {
		w.Header().Set(k, v)
	}
	w.Header().Del("Content-Length") // of the answer that this one takes the place of
	w.WriteHeader(e.HTTPResponse.StatusCode)
	_, _ = io.WriteString(w, e.HTTPResponse.Body) // nobody is left to tell
}

// fail answers with an error from outside tusd.
func (s *Store) fail(w http.ResponseWriter, r *http.Request, err error) {
	var e handler.Error
	switch {
	case errors.As(err, &e) && e.HTTPResponse.Header["Content-Type"] == problemType:
	case errors.As(err, &e):
		e = translate(e.HTTPResponse.StatusCode, e.Error())
	default:
		s.o.Logger.ErrorContext(r.Context(), "evidence: upload failed", "path", r.URL.Path, "error", err)
		e = internal()
	}
	writeProblem(w, e)
}

// translate makes a problem of an error of tusd, whose texts begin with a code of their own.
func translate(status int, text string) handler.Error {
	code, _, _ := strings.Cut(text, ":")
	switch {
	case code == handler.ErrNotFound.ErrorCode:
		return refusal(status, "evidence.upload_not_found", "没有这次上传", "该上传已取消或已过期，请重新上传。")
	case code == handler.ErrMismatchOffset.ErrorCode:
		return refusal(status, "evidence.offset_mismatch", "续传位置不符", "请先查询已收到的长度，再从该处继续。")
	case status == http.StatusRequestEntityTooLarge:
		return refusal(status, "evidence.too_large", "文件过大", "文件超过上限或超过声明的长度，请缩短录像后重新上传。")
	case strings.Contains(text, syscall.ENOSPC.Error()):
		return diskFull()
	case status >= http.StatusInternalServerError && status != http.StatusNotImplemented:
		e := internal()
		e.HTTPResponse.StatusCode = status
		return e
	}
	return refusal(status, "evidence.request", "上传请求有误", "请更新应用后重试。")
}

// problemWriter gives the errors of tusd the form of all others, and keeps its internal ones from the client. It makes the
// address of an upload relative, because behind a proxy tusd would name the wrong scheme.
type problemWriter struct {
	http.ResponseWriter
	held int // status of an error answer that is held back; 0 for none
	text []byte
}

// Unwrap lets http.ResponseController reach the deadlines.
func (w *problemWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *problemWriter) WriteHeader(status int) {
	h := w.Header()
	if u, err := url.Parse(h.Get("Location")); err == nil && u.Host != "" {
		h.Set("Location", u.Path)
	}
	if status >= http.StatusBadRequest && h.Get("Content-Type") != problemType {
		w.held = status
		return
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *problemWriter) Write(b []byte) (int, error) {
	if w.held == 0 {
		return w.ResponseWriter.Write(b)
	}
	if len(w.text) < 4096 {
		w.text = append(w.text, b...)
	}
	return len(b), nil
}

func (w *problemWriter) end(s *Store, r *http.Request) {
	if w.held == 0 {
		return
	}
	if w.held >= http.StatusInternalServerError {
		s.o.Logger.ErrorContext(r.Context(), "evidence: upload failed", "path", r.URL.Path, "error", strings.TrimSpace(string(w.text)))
	}
	writeProblem(w.ResponseWriter, translate(w.held, string(w.text)))
}
