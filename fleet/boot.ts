import type { FleetEnv } from './service/env';

/** Where things lie on an instance; trading-application.service names the same places. */
export const HOME = '/opt/trading-application';
export const CONFIGURATION = '/etc/trading-application';
const UNIT = 'trading-application';
const USER = 'trading';

/**
 * How often and how far apart an object is asked for. S3 may not find an object for up to 15 minutes after its bucket was made
 * to keep versions (S3 guide, "Enabling versioning on buckets"); whoever gives up before that is replaced, and asks again.
 */
export const FETCH_ATTEMPTS = 30;
export const FETCH_PAUSE_SECONDS = 10;
/** How long the service may take to answer its first request, in seconds. */
export const START_SECONDS = 60;
/** How long a boot may take until it has given up, in seconds: an instance is judged only after this. */
export const BOOT_SECONDS = FETCH_ATTEMPTS * FETCH_PAUSE_SECONDS + START_SECONDS + 60;
/** The longest user data that EC2 takes, in bytes before base64. */
export const USER_DATA_LIMIT = 16_384;

/** An object of the region's own artifacts bucket and what its bytes must be. */
export interface BootObject {
  readonly key: string;
  readonly sha256: string;
}

/** What an instance must know to become a member of the fleet. */
export interface BootArgs {
  readonly region: string;
  readonly artifactsBucket: string;
  /** The service with its systemd unit: a tar archive. */
  readonly service: BootObject;
  /** Node.js for arm64 as the npm registry packs it: a gzipped tar archive, of which only `binary` is unpacked. */
  readonly runtime: BootObject & { readonly binary: string };
  /** TLS files are the boot script's own business. */
  readonly environment: Omit<FleetEnv, 'TLS_KEY_FILE' | 'TLS_CERT_FILE'>;
}

/** A value that would not survive the shell or systemd's reading of the environment file. */
export class BootValueError extends Error {
  override readonly name = 'BootValueError';
}

/**
 * The user data of an instance (Amazon Linux 2023, arm64): fetches the service and its runtime from this region's bucket,
 * checks them, and starts the service as an unprivileged user. Nothing comes from outside the region.
 *
 * @throws BootValueError for a value with a character that has a meaning of its own, naming it.
 */
export function bootScript({ region, artifactsBucket, service, runtime, environment }: BootArgs): string {
  const port = plain('PORT', environment.PORT);
  const lines = Object.entries({
    ...environment,
    TLS_KEY_FILE: `${CONFIGURATION}/tls.key`,
    TLS_CERT_FILE: `${CONFIGURATION}/tls.crt`,
  }).map(([key, value]) => `${key}=${plain(key, value)}`);
  return `#!/bin/bash
# Makes this instance a member of the trading application's fleet. Read the outcome with "aws ec2 get-console-output".
set -euo pipefail
umask 022

say() { printf 'fleet boot: %s\\n' "$*"; }
give_up() {
  trap - ERR
  say "GIVING UP: $*"
  # The console log is what remains to be read when the load balancer's health check has this instance replaced.
  if [ -w /dev/console ]; then printf 'fleet boot: GIVING UP: %s\\n' "$*" > /dev/console || true; fi
  exit 1
}
trap 'give_up "line $LINENO failed: $BASH_COMMAND"' ERR

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fetch() { # key sha256 file
  local attempt
  for attempt in $(seq ${FETCH_ATTEMPTS}); do
    if timeout 120 aws s3 cp --region '${plain('region', region)}' --only-show-errors \\
      "s3://${plain('artifactsBucket', artifactsBucket)}/$1" "$3" && printf '%s  %s\\n' "$2" "$3" | sha256sum -c --status; then
      say "fetched $1 at attempt $attempt"
      return 0
    fi
    say "attempt $attempt of ${FETCH_ATTEMPTS}: $1 is not there yet or not complete"
    sleep ${FETCH_PAUSE_SECONDS}
  done
  give_up "$1 is not in the bucket ${plain('artifactsBucket', artifactsBucket)}: run pulumi up --refresh"
}

metadata() { # path
  local token
  token=$(curl -sSf --max-time 5 --retry 3 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' http://169.254.169.254/latest/api/token)
  curl -sSf --max-time 5 --retry 3 -H "X-aws-ec2-metadata-token: $token" "http://169.254.169.254/latest/meta-data/$1"
}

fetch '${plain('runtime.key', runtime.key)}' '${plain('runtime.sha256', runtime.sha256)}' "$work/runtime.tgz"
fetch '${plain('service.key', service.key)}' '${plain('service.sha256', service.sha256)}' "$work/service.tar"

id -u ${USER} > /dev/null 2>&1 || useradd --system --user-group --home-dir ${HOME} --no-create-home --shell /sbin/nologin ${USER}
mkdir -p ${HOME}/runtime ${HOME}/service ${CONFIGURATION}
tar -xzf "$work/runtime.tgz" -C ${HOME}/runtime --strip-components=1 --no-same-owner '${plain('runtime.binary', runtime.binary)}'
tar -xf "$work/service.tar" -C ${HOME}/service --no-same-owner

# Encrypts the way from the load balancer, which does not ask who signed it (D8). The key never leaves the instance.
instance=$(metadata instance-id)
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj "/CN=$instance" \\
  -keyout ${CONFIGURATION}/tls.key -out ${CONFIGURATION}/tls.crt 2> /dev/null
cat > ${CONFIGURATION}/environment << 'ENVIRONMENT'
${lines.join('\n')}
ENVIRONMENT
chown root:${USER} ${CONFIGURATION}/tls.key ${CONFIGURATION}/tls.crt ${CONFIGURATION}/environment
chmod 0640 ${CONFIGURATION}/tls.key ${CONFIGURATION}/tls.crt ${CONFIGURATION}/environment

cp ${HOME}/service/${UNIT}.service /etc/systemd/system/${UNIT}.service
systemctl daemon-reload
systemctl enable --now ${UNIT}

for second in $(seq ${START_SECONDS}); do
  if curl -sSfk --max-time 2 -o /dev/null https://127.0.0.1:${port}/health/live 2> /dev/null; then
    say "$instance serves on port ${port} after $second s"
    exit 0
  fi
  sleep 1
done
journalctl --no-pager -u ${UNIT} -n 20 || true
give_up 'the service does not answer; the lines above are its log'
`;
}

/** Letters, digits and what names, paths and ARNs need: nothing that the shell or systemd would interpret. */
function plain(what: string, value: string): string {
  if (/^[\w./:@+=-]+$/.test(value)) return value;
  throw new BootValueError(`${what} is ${JSON.stringify(value)}; allowed: letters, digits and ./:@+=_-`);
}
