/** What proves to the cloud that a request was made by this page and by no other; null while nobody is logged in. Kept in memory only. */
export const csrf: { current: string | null } = { current: null };
