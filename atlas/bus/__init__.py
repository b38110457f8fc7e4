"""Wake-ups between processes: "there is something new", never the thing itself."""
