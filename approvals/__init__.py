"""Action requests: what the agent proposes, who decides, what runs."""
