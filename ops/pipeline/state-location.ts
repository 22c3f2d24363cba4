/** Where a pipeline keeps Pulumi's state and the key of its secrets, and which regions the stack may lose. */
export interface StateLocation {
  /** PULUMI_BACKEND_URL. */
  readonly backendUrl: string | undefined;
  /** PULUMI_SECRETS_PROVIDER. */
  readonly secretsProvider: string | undefined;
  readonly primaryRegion: string;
  readonly drRegion: string;
}

/** The bucket of the state. */
export interface StateBucket {
  readonly bucket: string;
  readonly region: string;
}

const WANTED = {
  PULUMI_BACKEND_URL: { scheme: 's3:', like: 's3://BUCKET?region=REGION&awssdk=v2' },
  PULUMI_SECRETS_PROVIDER: { scheme: 'awskms:', like: 'awskms://alias/NAME?region=REGION' },
} as const;

type Variable = keyof typeof WANTED;

/**
 * What is wrong with the place of the state, each as a sentence for the log; none: it is right.
 *
 * The state and its key must be in neither region of the stack: whoever has lost one of them needs the state to change
 * anything. A passphrase would be a secret for ever in GitHub.
 */
export function stateProblems(location: StateLocation): readonly string[] {
  return [
    ...problems('PULUMI_BACKEND_URL', location.backendUrl, location),
    ...problems('PULUMI_SECRETS_PROVIDER', location.secretsProvider, location),
  ];
}

/**
 * The bucket that a backend URL names, for whoever asks S3 without Pulumi.
 * @throws Error with the value and the form that is wanted; nothing of it is guessed, because a wrong bucket looks like one without stacks.
 */
export function stateBucket(backendUrl: string | undefined): StateBucket {
  const found = read('PULUMI_BACKEND_URL', backendUrl);
  if (typeof found === 'string') throw new Error(`${found} (docs/pipelines.md)`);
  return { bucket: found.url.host, region: found.region };
}

function problems(variable: Variable, value: string | undefined, location: StateLocation): readonly string[] {
  const found = read(variable, value);
  if (typeof found === 'string') return [found];
  const role = Object.entries({ primary: location.primaryRegion, dr: location.drRegion }).find(
    ([, name]) => name === found.region,
  );
  if (role === undefined) return [];
  return [
    `${variable} is in ${found.region}, which is this stack's ${role[0]}: without that region nobody could change the stack; ` +
      `take a third one, for example the witness' (docs/pipelines.md)`,
  ];
}

/** The URL with its region, or what is wrong with it. */
function read(variable: Variable, value: string | undefined): { readonly url: URL; readonly region: string } | string {
  const { scheme, like } = WANTED[variable];
  if (value === undefined || value === '') return `${variable} is not set; wanted is ${like}`;
  if (!URL.canParse(value)) return `${variable} is ${value}, which is no URL; wanted is ${like}`;
  const url = new URL(value);
  if (url.protocol !== scheme) return `${variable} is ${value}; wanted is ${like}`;
  const region = url.searchParams.get('region');
  if (region === null || region === '') return `${variable} is ${value} and names no region; wanted is ${like}`;
  const wrong = variable === 'PULUMI_BACKEND_URL' ? bucketProblem(url) : undefined;
  return wrong === undefined ? { url, region } : `${variable} is ${value} and ${wrong}; wanted is ${like}`;
}

/** Lower case, digits, dots and hyphens, 3 to 63 (S3 User Guide, "General purpose bucket naming rules"). */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const PARAMETERS = ['region', 'awssdk'];

/** The policies of `.github/iam` name keys from the bucket's root on: below a folder they would allow nothing. */
function bucketProblem({ host, username, password, pathname, searchParams }: URL): string | undefined {
  if (username !== '' || password !== '') return 'holds a user; credentials come from the job';
  if (!BUCKET.test(host)) return 'names no bucket';
  if (!['', '/'].includes(pathname))
    return `names the folder ${pathname}, which the roles of the pipelines may not use`;
  const strange = [...searchParams.keys()].filter((name) => !PARAMETERS.includes(name));
  return strange.length === 0
    ? undefined
    : `has the parameter ${strange.join(', ')}; allowed are ${PARAMETERS.join(', ')}`;
}
