<?php

/**
 * The calls of a server to Fanfare with PHP 8 alone: mint a token, publish, revoke.
 *
 *     php fanfare.php token ann
 *     php fanfare.php publish public:news '"Hello"'
 *     php fanfare.php revoke ann
 */

declare(strict_types=1);

function base64Url(string $bytes): string
{
    return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
}

/**
 * A token for the audience: the name of the stage for a user, and `<stage>/servers` for a server. More claims may be `channels`, as
 * ['chat:*' => ['subscribe', 'publish']], and `info`.
 */
function signToken(
    #[\SensitiveParameter] string $secret,
    string $audience,
    string $user,
    int $seconds = 3600,
    array $more = [],
): string {
    $issuedAt = time();
    $header = ['alg' => 'HS256', 'typ' => 'JWT'];
    $claims = ['iss' => 'fanfare', 'aud' => $audience, 'sub' => $user, 'iat' => $issuedAt, 'exp' => $issuedAt + $seconds] + $more;
    $flags = JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE;
    $content = base64Url(json_encode($header, $flags)) . '.' . base64Url(json_encode($claims, $flags));
    // The bytes of the secret's text are the key: it is not decoded.
    return $content . '.' . base64Url(hash_hmac('sha256', $content, $secret, true));
}

final class Fanfare
{
    private const ATTEMPTS = 4;

    public function __construct(
        private readonly string $url,
        private readonly string $stage,
        #[\SensitiveParameter] private readonly string $secret,
        private readonly string $server = 'php',
    ) {
    }

    /** The key is the same in each attempt, so that the message lands once. 207: some of the channels refused it. */
    public function publish(array $channels, mixed $data, ?string $key = null): array
    {
        $key ??= bin2hex(random_bytes(16));
        return $this->post('/messages', ['channels' => $channels, 'data' => $data, 'key' => $key])['results'];
    }

    /** Makes the user's tokens worthless, and closes their connections. Returns how many it closed. */
    public function revoke(string $user): int
    {
        return $this->post('/revocations', ['user' => $user])['closed'];
    }

    private function post(string $path, array $body): array
    {
        $token = signToken($this->secret, $this->stage . '/servers', $this->server, 300);
        $options = [
            'method' => 'POST',
            'header' => ["Authorization: Bearer $token", 'Content-Type: application/json'],
            'content' => json_encode($body, JSON_THROW_ON_ERROR),
            // A revocation may take 30 seconds.
            'timeout' => 35,
            'ignore_errors' => true,
            'follow_location' => 0,
        ];
        for ($attempt = 1; ; $attempt++) {
            $stream = @fopen($this->url . $path, 'r', false, stream_context_create(['http' => $options]));
            $answer = $stream === false ? '' : (string) stream_get_contents($stream);
            $headers = $stream === false ? [] : stream_get_meta_data($stream)['wrapper_data'];
            preg_match('~^HTTP/\S+ (\d{3})~', $headers[0] ?? '', $found);
            $status = (int) ($found[1] ?? 503);
            if ($status < 300) {
                return json_decode($answer, true, 512, JSON_THROW_ON_ERROR);
            }
            $mayPass = $status >= 500 || $status === 408 || $status === 429;
            if (!$mayPass || $attempt === self::ATTEMPTS) {
                throw new RuntimeException("Fanfare answered $status: $answer");
            }
            usleep(100_000 * 2 ** $attempt);
        }
    }
}

function main(array $args): string
{
    [$stage, $secret] = [(string) getenv('FANFARE_STAGE'), (string) getenv('FANFARE_SECRET')];
    $fanfare = new Fanfare((string) getenv('FANFARE_URL'), $stage, $secret);
    return match ($args[0] ?? '') {
        'token' => signToken($secret, $stage, $args[1]),
        'publish' => json_encode($fanfare->publish([$args[1]], json_decode($args[2], false, 512, JSON_THROW_ON_ERROR))),
        'revoke' => (string) $fanfare->revoke($args[1]),
    };
}

if (PHP_SAPI === 'cli' && realpath($argv[0]) === __FILE__) {
    echo main(array_slice($argv, 1)), "\n";
}
