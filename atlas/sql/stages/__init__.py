"""The walls a query passes, one module each; a stage raises Refused or lets it through."""
