/** The version of this package; the build puts it in place. */
export const VERSION: string = '0.1.0';
