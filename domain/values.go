package domain

import "github.com/google/uuid"

// Place is a point in the field (地点). Coordinates are micro-degrees in the datum named; Datum is always WGS84, conversion
// to and from other datums happens only where data is imported or printed.
type Place struct {
	LatE6      int64  `json:"latE6" validate:"min=-90000000,max=90000000"`
	LonE6      int64  `json:"lonE6" validate:"min=-180000000,max=180000000"`
	Datum      string `json:"datum" validate:"required,eq=WGS84"`
	AccuracyCM int64  `json:"accuracyCm" validate:"min=0,max=10000000"` // radius, centimetres
	Source     string `json:"source" validate:"required,oneof=gnss map document"`
	Note       string `json:"note,omitempty" validate:"max=200"` // bank, stake mark (桩号), landmark
}

// Evidence names bytes kept outside the log (证据材料): the hash is the address, and proves that they are the ones that
// were taken.
type Evidence struct {
	SHA256    string    `json:"sha256" validate:"required,len=64,hexadecimal,lowercase"`
	Size      int64     `json:"size" validate:"min=1,max=2147483648"` // bytes
	MediaType string    `json:"mediaType" validate:"required,oneof=image/jpeg image/png image/webp video/mp4 video/webm audio/mp4 audio/webm audio/mpeg application/pdf"`
	Caption   string    `json:"caption,omitempty" validate:"max=200"`
	TakenAt   string    `json:"takenAt,omitempty" validate:"omitempty,datetime=2006-01-02T15:04:05Z07:00"`
	Previous  string    `json:"previous,omitempty" validate:"omitempty,len=64,hexadecimal,lowercase"` // hash of the capture before it on the device
	ID        uuid.UUID `json:"id" validate:"required"`
}
