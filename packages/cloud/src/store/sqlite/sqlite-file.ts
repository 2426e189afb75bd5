/** The database's name in the data folder. */
export const SQLITE_FILE = 'chamber.sqlite';
