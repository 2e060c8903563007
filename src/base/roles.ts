/** What bytes are for; plans, allocations and reports are divided by role. */
export const ROLES = ["params", "grads", "optimizer", "momentum", "state", "activations", "io"] as const;
export type Role = (typeof ROLES)[number];
