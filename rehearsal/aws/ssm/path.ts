/** Whether a parameter is on any level below a path; a slash at the path's end changes nothing. */
export function isBelow(path: string, name: string): boolean {
  return name.startsWith(path.endsWith('/') ? path : `${path}/`);
}
