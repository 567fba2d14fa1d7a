// Writes SDKs of a package schema with Pulumi's own generators, one folder a language.
//
// Pulumi's command line has the language hosts do this, which package registries don't serve in a
// version that can. The generators are Go packages, so they are called here.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	golang "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// Named in the head of every generated file.
const tool = "pulumi-formations"

// Files of an SDK by path. Generators take a loader for packages that this one depends on: it
// depends on none.
var generators = map[string]func(*schema.Package) (map[string][]byte, error){
	"go": func(pkg *schema.Package) (map[string][]byte, error) {
		return golang.GeneratePackage(tool, pkg, nil)
	},
	"nodejs": func(pkg *schema.Package) (map[string][]byte, error) {
		// Local: npm compiles it where it is installed from a folder.
		const local = true
		return nodejs.GeneratePackage(tool, pkg, nil, nil, local, nil)
	},
	"python": func(pkg *schema.Package) (map[string][]byte, error) {
		files, err := python.GeneratePackage(tool, pkg, nil, nil)
		if err == nil {
			// Its pyproject.toml names a README beside it, which Pulumi's own builds put there.
			files["README.md"] = []byte(pkg.Description + "\n")
		}
		return files, err
	},
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: languages SCHEMA DIRECTORY")
		os.Exit(2)
	}
	if err := generate(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func generate(schemaFile, directory string) error {
	source, err := os.ReadFile(schemaFile)
	if err != nil {
		return err
	}
	for language, files := range generators {
		// Each binds its own, since a generator writes into what it is given.
		pkg, err := bind(source)
		if err != nil {
			return fmt.Errorf("%s: %w", schemaFile, err)
		}
		written, err := files(pkg)
		if err != nil {
			return fmt.Errorf("%s: %w", language, err)
		}
		for path, content := range written {
			file := filepath.Join(directory, language, filepath.FromSlash(path))
			if err := write(file, content); err != nil {
				return err
			}
		}
	}
	return nil
}

func bind(source []byte) (*schema.Package, error) {
	var spec schema.PackageSpec
	if err := json.Unmarshal(source, &spec); err != nil {
		return nil, err
	}
	pkg, diagnostics, err := schema.BindSpec(spec, schema.NewNullLoader(), schema.ValidationOptions{})
	if err != nil {
		return nil, err
	}
	if len(diagnostics) > 0 {
		return nil, errors.Join(diagnostics.Errs()...)
	}
	return pkg, nil
}

func write(file string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, content, 0o644)
}
