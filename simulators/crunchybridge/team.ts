/** A team that the key's owner is in. */
export interface SimTeam {
  /** An EID. */
  id: string;
  name: string;
  /** Whether it is the owner's own, whose clusters a list shows that names no team. */
  is_personal: boolean;
}

/** The team that owns everything unless a test says otherwise: the personal one. */
export const defaultTeam = "eaevtjiudzeq7bsqbbpiscund4";

/** A page of teams; the API's page documents none, so without a page size there is one. */
export function pageOfTeams(teams: readonly SimTeam[], query: URLSearchParams, pageSize: number) {
  const begin = Number(query.get("cursor") ?? 0);
  const end = Math.min(begin + pageSize, teams.length);
  const shown = teams.slice(begin, end).map(render);
  if (pageSize === Number.POSITIVE_INFINITY) return { teams: shown };
  const has_more = end < teams.length;
  return { teams: shown, has_more, next_cursor: has_more ? String(end) : null };
}

function render(team: SimTeam) {
  return {
    ...team,
    billing_email: null,
    created_at: "2021-01-21T16:52:41Z",
    default_role_flavor: "read",
    enforce_sso: false,
    is_default: team.is_personal,
    role: "admin",
    updated_at: "2021-01-21T16:52:41Z",
  };
}
