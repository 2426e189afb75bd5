const SECRET_FIELDS = /([?&](?:access_token|refresh_token|client_secret|password|otp)=)[^&#]*/gi;
const TOKEN_PATH = /(\/access_tokens\/)(?!current\b)[^/?#]+/gi;
/** The shape of our tokens and secrets, wherever one may have slipped to. */
const TOKEN_SHAPE = /[0-9a-f]{40}/gi;

/** A URL as it may stand in a log: tokens and passwords replaced. */
export function maskedUrl(url: string): string {
  return url.replace(SECRET_FIELDS, '$1***').replace(TOKEN_PATH, '$1***').replace(TOKEN_SHAPE, '***');
}
