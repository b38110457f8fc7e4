"""The walls a query passes, one module each; a stage raises RefusalError or lets it through."""
