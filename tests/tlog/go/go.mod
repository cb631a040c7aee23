module checker

go 1.26

require golang.org/x/mod v0.0.0

// The copy that comes with Go itself; tests/tlog/go_checker.py puts it there.
replace golang.org/x/mod => ./x/mod
