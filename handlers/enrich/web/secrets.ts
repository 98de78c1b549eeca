/** Names of parameters that hold secrets or mail addresses: lower case, without what joins words. */
const SECRET_NAMES: ReadonlySet<string> = new Set([
  ...["auth", "authorization", "bearer", "jwt", "key", "sig", "hmac", "otp", "ticket", "nonce", "sid"],
  ...["pass", "pwd", "passwd", "password", "passphrase", "passcode", "pin", "cvv", "cvc"],
  ...["email", "emailaddress", "mail", "useremail", "phpsessid", "jsessionid", "session", "sessionid"],
  ...["samlresponse", "samlrequest", "idtoken", "assertion", "clientassertion", "codeverifier"],
]);

/** What no other name has a part of: `user[password_confirmation]`. */
const SECRET_PARTS = /password|passwd|secret/;

/** Ends of such names: `accessToken`, `X-Amz-Signature`. */
const SECRET_ENDS = [
  ...["token", "apikey", "accesskey", "privatekey", "authkey"],
  ...["signature", "credential", "credentials", "email", "sessionid", "cardnumber", "creditcard"],
];

const MAIL = /[^\s@/?&=;,:<>"']+@[^\s@/?&=;,:<>"']+\.[a-z]{2,}/i;
/** A JSON Web Token: header and payload are JSON in base64url, so both begin alike. */
const JWT = /\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)*/;
const BEARER = /\b(?:bearer|basic)\s+[\w.+/=-]{8,}/i;
/** A whole value in a form that its issuer gives to secrets alone. @see https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns */
const ISSUED =
  /\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|sk_(?:live|test)_\w{10,}|xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{16}|AIza[\w-]{30,}|glpat-[\w-]{16,})/;

/**
 * A query string without the parameters that hold tokens, passwords or mail addresses, by their names or by what
 * their values look like. All else stays as it was written.
 * @param query without its question mark.
 */
export function withoutSecrets(query: string): string {
  if (query === "") return query;
  const parameters = query.split("&");
  // Of OAuth's answer the code is a secret; elsewhere a code is a discount's or a country's.
  const isOauth = parameters.some((parameter) => parameter.startsWith("state="));
  const kept = parameters.filter((parameter) => !isSecret(parameter, isOauth));
  return kept.length === parameters.length ? query : kept.join("&");
}

/** Stands where a path's part was left out. */
export const REMOVED = "-";

/** A path without the parts that are tokens or mail addresses, and without session ids behind a semicolon. */
export function withoutSecretParts(path: string): string {
  if (!SUSPECT_PATH.test(path)) return path;
  return path
    .replace(/;(?:jsessionid|phpsessid|sid)=[^/;]*/gi, "")
    .split("/")
    .map((part) => (looksSecret(decoded(part)) ? REMOVED : part))
    .join("/");
}

/** What every path has that holds one of them, so that most are not looked into. */
const SUSPECT_PATH = /@|%40|eyJ|;|_\w{16}|xox|AKIA|AIza|glpat/i;

function isSecret(parameter: string, isOauth: boolean): boolean {
  const equals = parameter.indexOf("=");
  const name = decoded(equals < 0 ? parameter : parameter.slice(0, equals));
  const value = equals < 0 ? "" : decoded(parameter.slice(equals + 1));
  if (isSecretName(name) || (isOauth && name === "code")) return true;
  return looksSecret(name) || looksSecret(value) || holdsSecret(value);
}

function isSecretName(name: string): boolean {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, "");
  return (
    SECRET_NAMES.has(plain) || SECRET_PARTS.test(plain) || SECRET_ENDS.some((end) => plain.endsWith(end))
  );
}

function looksSecret(text: string): boolean {
  return MAIL.test(text) || JWT.test(text) || BEARER.test(text) || ISSUED.test(text);
}

/** Whether a value is an address with a secret in its own query: where to go back to after signing in. */
function holdsSecret(value: string): boolean {
  const start = value.search(/[?#&]/);
  if (start < 0 || !value.includes("=")) return false;
  return value
    .slice(start + 1)
    .split(/[?#&]/)
    .some((parameter) => isSecret(parameter, false));
}

/** Text as it was before it was percent-encoded, once or twice; as it stands where it was not. */
function decoded(text: string): string {
  let plain = text.replaceAll("+", " ");
  for (let times = 0; times < 2 && plain.includes("%"); times += 1)
    try {
      plain = decodeURIComponent(plain);
    } catch (error) {
      if (error instanceof URIError) return plain;
      throw error;
    }
  return plain;
}
