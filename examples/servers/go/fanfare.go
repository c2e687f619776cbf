// The calls of a server to Fanfare with Go's standard library alone: mint a token, publish, revoke.
//
//	go run fanfare.go token ann
//	go run fanfare.go publish public:news '"Hello"'
//	go run fanfare.go revoke ann
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

// Claims is what a token says. Channels may be left out: {"chat:*": {"subscribe", "publish"}}.
type Claims struct {
	Issuer    string              `json:"iss"`
	Audience  string              `json:"aud"`
	Subject   string              `json:"sub"`
	IssuedAt  int64               `json:"iat"`
	ExpiresAt int64               `json:"exp"`
	Channels  map[string][]string `json:"channels,omitempty"`
	Info      any                 `json:"info,omitempty"`
}

// UserClaims are those of a user for an hour. The audience of a server is its stage and "/servers".
func UserClaims(audience, user string) Claims {
	now := time.Now().Unix()
	return Claims{Issuer: "fanfare", Audience: audience, Subject: user, IssuedAt: now, ExpiresAt: now + 3600}
}

// SignToken signs with the bytes of the secret's text: it is not decoded.
func SignToken(secret string, claims Claims) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	encoding := base64.RawURLEncoding
	header := `{"alg":"HS256","typ":"JWT"}`
	content := encoding.EncodeToString([]byte(header)) + "." + encoding.EncodeToString(payload)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(content))
	return content + "." + encoding.EncodeToString(mac.Sum(nil)), nil
}

// Server calls the HTTP API of a stage.
type Server struct {
	URL, Stage, Secret, Name string
}

// Publish gives the message a key, which is the same in each attempt, so that it lands once.
func (s Server) Publish(channels []string, data any) (string, error) {
	random := make([]byte, 16)
	if _, err := rand.Read(random); err != nil {
		return "", err
	}
	return s.post("/messages", map[string]any{"channels": channels, "data": data, "key": hex.EncodeToString(random)})
}

// Revoke makes the tokens of a user worthless, and closes their connections.
func (s Server) Revoke(user string) (string, error) {
	return s.post("/revocations", map[string]any{"user": user})
}

func (s Server) post(path string, body any) (string, error) {
	token, err := SignToken(s.Secret, UserClaims(s.Stage+"/servers", s.Name))
	if err != nil {
		return "", err
	}
	content, err := json.Marshal(body)
	if err != nil {
		return "", err
	}
	// A revocation may take 30 seconds.
	client := http.Client{Timeout: 35 * time.Second}
	for attempt := 0; ; attempt++ {
		answer, mayPass, err := s.attempt(client, path, token, content)
		if err == nil || !mayPass || attempt == 3 {
			return answer, err
		}
		time.Sleep(200 * time.Millisecond << attempt)
	}
}

func (s Server) attempt(client http.Client, path, token string, content []byte) (string, bool, error) {
	request, err := http.NewRequest("POST", s.URL+path, bytes.NewReader(content))
	if err != nil {
		return "", false, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return "", true, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return "", true, err
	}
	// 207: some of the channels refused the message, and the answer says why.
	if response.StatusCode < 300 {
		return string(answer), false, nil
	}
	mayPass := response.StatusCode >= 500 || response.StatusCode == 408 || response.StatusCode == 429
	return "", mayPass, fmt.Errorf("Fanfare answered %d: %s", response.StatusCode, answer)
}

func run(args []string) (string, error) {
	stage, secret := os.Getenv("FANFARE_STAGE"), os.Getenv("FANFARE_SECRET")
	server := Server{URL: os.Getenv("FANFARE_URL"), Stage: stage, Secret: secret, Name: "go"}
	switch {
	case len(args) == 2 && args[0] == "token":
		return SignToken(secret, UserClaims(stage, args[1]))
	case len(args) == 3 && args[0] == "publish":
		return server.Publish([]string{args[1]}, json.RawMessage(args[2]))
	case len(args) == 2 && args[0] == "revoke":
		return server.Revoke(args[1])
	}
	return "", fmt.Errorf("token <user>, publish <channel> <JSON>, or revoke <user>")
}

func main() {
	answer, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(answer)
}
