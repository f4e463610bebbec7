/** A series' labels, `__name__` among them. Absent and empty mean the same: empty ones are left out. */
export type Labels = Readonly<Record<string, string>>;
