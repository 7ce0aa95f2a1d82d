export declare const core: string;
