export interface TextPart {
  readonly text: string;
  readonly isLink: boolean;
}

/**
 * Takes a mail apart into text and links to this cloud; addresses elsewhere stay text.
 * @param publicUrl where people reach the cloud, without a slash at the end
 */
export function linksIn(text: string, publicUrl: string): readonly TextPart[] {
  return text
    .split(/(https?:\/\/[^\s<>"]+)/)
    .filter((part) => part !== '')
    .map((part) => ({ text: part, isLink: part.startsWith(`${publicUrl}/`) }));
}
