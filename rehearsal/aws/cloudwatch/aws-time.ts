/** `2023-08-04T12:36:15.490+0000`, as CloudWatch writes times in what it tells Lambda and SNS. */
export function awsTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000');
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];

/** `Friday 04 August, 2023 12:54:46 UTC`, as CloudWatch writes times in reasons. */
export function longTime(ms: number): string {
  const date = new Date(ms);
  const iso = date.toISOString();
  const day = DAYS[date.getUTCDay()] ?? '';
  const month = MONTHS[date.getUTCMonth()] ?? '';
  return `${day} ${iso.slice(8, 10)} ${month}, ${iso.slice(0, 4)} ${iso.slice(11, 19)} UTC`;
}
