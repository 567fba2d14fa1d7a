// Package zxcvbn takes the place of one that says how strong a password is. `pulumi config set` asks it
// whether a text looks like a secret, to warn of it. It reads its dictionaries whenever the engine starts,
// which takes a third of a small command's time.
package zxcvbn

// Match is what is known of a password.
type Match struct{ Entropy float64 }

// PasswordStrength says of every password that it is weak.
func PasswordStrength(string, []string) Match { return Match{} }
