"""Tables of engines whose column rules are not modelled: names by scope, columns by a SELECT."""
