/** The whole backend in one stack: tables, gateway, functions, routes, outputs. */
import { ArnFormat, CfnOutput, Stack } from 'aws-cdk-lib';
import { manifest } from '../lambdas/manifest/manifest.js';
import { deployedFunctions } from './deployed-functions.js';
import { Encryption } from './encryption.js';
import { FanfareFunction } from './fanfare-function.js';
import { functionNameOf } from './function-names.js';
import { Gateway } from './gateway.js';
import { GivenUpChanges } from './given-up-changes.js';
import { HttpApi } from './http-api.js';
import { OriginKey } from './origin-key.js';
import { Storage } from './storage.js';
import { TokenSecret } from './token-secret.js';
import { wire } from './triggers.js';
export class FanfareStack extends Stack {
    stage;
    constructor(scope, id, { settings, code, ...props }) {
        const { edge } = settings;
        const env = edge !== 'none' && { env: { region: edge.backendRegion } };
        super(scope, id, { description: `Fanfare, stage ${settings.name}`, ...env, ...props });
        const encryption = new Encryption(this, 'Encryption', settings);
        const { tables } = new Storage(this, 'Storage', settings, encryption);
        const gateway = new Gateway(this, 'Gateway', settings, encryption);
        const { secret: tokenSecret } = new TokenSecret(this, 'Tokens', settings, encryption);
        const originKey = edge !== 'none' && { originKey: new OriginKey(this, 'OriginKey', edge).secret };
        const functions = this.addFunctions(code, {
            tables,
            stage: gateway.stage,
            deliveryWorker: this.worker('deliver', settings),
            farewellWorker: this.worker('farewell', settings),
            tokenSecret,
            ...originKey,
            encryption,
            settings,
        });
        const api = new HttpApi(this, 'HttpApi', {
            settings,
            encryption,
            target: functionIn(functions, 'api'),
            authorizer: functionIn(functions, 'authorize-api'),
        });
        const givenUp = new GivenUpChanges(this, 'GivenUp');
        wireAll({ scope: this, gateway, functions, tables, encryption, settings, givenUp: givenUp.destination });
        this.stage = gateway.stage;
        this.tell({
            WebSocketUrl: [whereClientsConnect(settings), gateway.stage.url],
            ApiUrl: ['HTTP API for servers', api.url],
            ManagementUrl: ['Endpoint of the @connections management API', gateway.stage.callbackUrl],
            TokenSecret: ['Signs tokens: npm run token reads it', tokenSecret.secretArn],
            GivenUpChanges: ['Queue of the changes that no function could read', givenUp.queueUrl],
            RevokeFunction: ['npm run revoke invokes it', functionIn(functions, 'revoke').functionName],
        });
    }
    addFunctions(code, resources) {
        const { settings } = resources;
        const functions = new Map();
        for (const name of deployedFunctions(settings)) {
            const functionName = functionNameOf(name, this.stackName, settings);
            const props = { manifest: manifest[name], code: code(name), resources, settings, functionName };
            functions.set(name, new FanfareFunction(this, name, props).function);
        }
        return functions;
    }
    tell(outputs) {
        for (const [name, [description, value]] of Object.entries(outputs))
            new CfnOutput(this, name, { description, value });
    }
    worker(of, settings) {
        const name = functionNameOf(of, this.stackName, settings);
        if (name === undefined)
            throw new Error(`The worker ${of} has no fixed name`);
        const arn = this.formatArn({
            service: 'lambda',
            resource: 'function',
            resourceName: name,
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        });
        return { name, arn };
    }
}
/** In the order of the manifest: the authorizer comes before the route that it is for. */
function wireAll(sources) {
    for (const [name, target] of sources.functions) {
        const { trigger } = manifest[name];
        wire(trigger.kind, trigger, target, { ...sources, name });
    }
}
function whereClientsConnect({ edge }) {
    return edge === 'none' ? 'Clients connect here' : 'Clients connect to the edge in front of it';
}
function functionIn(functions, name) {
    const found = functions.get(name);
    if (!found)
        throw new Error(`The manifest has no function ${name}`);
    return found;
}
