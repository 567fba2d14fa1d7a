// Writes SDKs of a package schema with Pulumi's own generators, one folder per language, and packs Go
// modules as proxies serve them.
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
	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
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
		// Not local: it is published compiled, so that nothing is run where it is installed.
		const local = false
		return nodejs.GeneratePackage(tool, pkg, nil, nil, local, nil)
	},
	"python": func(pkg *schema.Package) (map[string][]byte, error) {
		return python.GeneratePackage(tool, pkg, nil, nil)
	},
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 3 && args[0] == "generate":
		return generate(args[1], args[2])
	case len(args) == 4 && args[0] == "zip":
		return pack(args[1], args[2], args[3])
	}
	return errors.New("usage: languages generate SCHEMA DIRECTORY | languages zip MODULE VERSION FILE")
}

// Packs the module in a folder as that version of it, and refuses what the go command would refuse.
func pack(directory, version, file string) error {
	source, err := os.ReadFile(filepath.Join(directory, "go.mod"))
	if err != nil {
		return err
	}
	archive, err := os.Create(file)
	if err != nil {
		return err
	}
	packed := zip.CreateFromDir(archive, module.Version{Path: modfile.ModulePath(source), Version: version}, directory)
	return errors.Join(packed, archive.Close())
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
