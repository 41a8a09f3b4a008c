"""The same questions asked of files, with no server and no database: compare, evaluate, train, replay."""
