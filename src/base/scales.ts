/**
 * How big a run is. `smoke`: minutes on a software adapter, what CI runs. `mini`: one to two hours on two CPU cores.
 * `gpu`: under half an hour on one modern GPU. `paper`: the published configuration.
 */
export const SCALES = ["smoke", "mini", "gpu", "paper"] as const;
export type Scale = typeof SCALES[number];
