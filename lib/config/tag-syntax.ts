/** The tags that the program sets itself (N6), and the one that names things in the VPC. Case matters to most services, but not to IAM. */
export const RESERVED_TAGS = [
  'Environment',
  'EnvironmentSuffix',
  'Region',
  'DR-Role',
  'Repository',
  'Author',
  'CostCenter',
  'Name',
] as const;

const CHARACTERS = /^[\p{L}\p{Nd} _.:/=+@-]*$/u;

/**
 * What is wrong with a key or a value though its characters are right, or undefined. A blank at an end is nobody's intention,
 * and cannot be seen in a cost report. Amazon CloudWatch API reference, Tag: `aws:` may begin neither keys nor values.
 */
export function tagTextProblem(text: string): string | undefined {
  if (text !== text.trim()) return 'begins or ends with a space';
  return text.toLowerCase().startsWith('aws:') ? 'begins with aws:, which AWS reserves' : undefined;
}

/** What AWS has against a tag written `Key=Value`, or undefined. Limits: AWS General Reference, "Tag naming limits". */
export function tagProblem(text: string): string | undefined {
  const equals = text.indexOf('=');
  if (equals < 1) return 'is not Key=Value';
  const key = text.slice(0, equals);
  const value = text.slice(equals + 1);
  if (key.length > 128) return `has a key of ${key.length} characters`;
  if (value.length > 256) return `has a value of ${value.length} characters`;
  if (key.toLowerCase().startsWith('aws:')) return 'has a key that AWS reserves';
  if (!CHARACTERS.test(text)) return 'has a character that AWS refuses';
  const wrong = tagTextProblem(key) ? 'key' : tagTextProblem(value) ? 'value' : undefined;
  if (wrong) return `has a ${wrong} that ${tagTextProblem(wrong === 'key' ? key : value)}`;
  const reserved = RESERVED_TAGS.find((name) => name.toLowerCase() === key.toLowerCase());
  return reserved && `collides with the tag ${reserved}, which the program sets`;
}
