"""How plugin code is called: on threads of its own, bounded, and watched."""
